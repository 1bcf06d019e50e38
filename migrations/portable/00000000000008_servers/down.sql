DROP TABLE mcp_tokens;
DROP TABLE mcp_servers;
